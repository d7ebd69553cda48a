// For clock.rs.

export function after(millis, call) {
  const timer = setTimeout(call, millis);
  return () => clearTimeout(timer);
}

export function at_each(millis, call) {
  const timer = setInterval(call, millis);
  return () => clearInterval(timer);
}

export function in_next_frame(call) {
  const frame = requestAnimationFrame(call);
  return () => cancelAnimationFrame(frame);
}

export const seconds_until = (date) => (Date.parse(date) - Date.now()) / 1000;

export const iso = (millis) => new Date(millis).toISOString();

// 2^52: as many values as a double tells apart.
export const random_id = () => `${Date.now()}${Math.floor(Math.random() * 2 ** 52)}`;

export function secret_id() {
  try {
    return crypto.getRandomValues(new BigUint64Array(2)).join("-");
  } catch {
    return "";
  }
}

// Without the languages some browsers write times in the language of their own menus.
export const formatter = (options) => new Intl.DateTimeFormat(navigator.languages, JSON.parse(options)).format;

export const write = (formatter, millis) => formatter(millis);
