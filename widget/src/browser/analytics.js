// For analytics.rs.

export function gtag(name, properties) {
  try {
    window.gtag?.("event", name, JSON.parse(properties));
  } catch {
    // What the page's own function throws is the page's affair.
  }
}
