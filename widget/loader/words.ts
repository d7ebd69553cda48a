// The widget's words in the page's language: fetched from locales/, beside natter-app.js. English is built in.

/** What a language brings along. */
interface Words {
  /** Its tag, for `lang`. */
  lang: string;
  dir: string;
  /** The option `strings`: all texts, and what `Intl.PluralRules` says. */
  strings: string;
}

/** What came of a question for words. None means English, or that they are still on their way. */
export interface Answer {
  words?: Words;
  settled?: boolean;
  done: Promise<void>;
}

const answers = new Map<string, Answer>();
const base = (document.currentScript as HTMLScriptElement | null)?.src;
/** The files by their languages, with their integrity. */
let index: Promise<Record<string, string>> | undefined;

async function json<T>(name: string, integrity: string): Promise<T> {
  const response = await fetch(new URL(`locales/${name}.json?${integrity.slice(7, 15)}`, base), { integrity });
  return response.json();
}

async function find(tags: readonly string[], named: boolean): Promise<Words | undefined> {
  for (const tag of tags) {
    const { language, script } = new Intl.Locale(tag).maximize();
    if (language === "en") return undefined;
    const files = await (index ??= json("index", LOCALES_INTEGRITY));
    // Who reads one of the two ways to write Norwegian reads the other.
    const lang = [language + "-" + script, language, /^n[no]$/.test(language) ? "nb" : ""].find((name) => files[name]);
    if (lang) {
      const texts = await json<object>(lang, files[lang]!);
      const rules = new Intl.PluralRules(lang);
      // The app asks no more than this table; no rule of these languages looks at more than two digits.
      const categories = Array.from({ length: 200 }, (_, n) => rules.select(n)).join(" ");
      const dir = /Arab|Hebr/.test(script!) ? "rtl" : "ltr";
      return { lang, dir, strings: JSON.stringify({ ...texts, categories }) };
    }
    if (named) throw "There are auto, en, " + Object.keys(files).join(", ");
  }
  return undefined;
}

/** Asks for the words at `host`: in the language the owner named, else that of the page there, else the visitor's. */
export function ask(host: Element, locale = "auto"): Answer {
  const named = locale !== "auto";
  const lang = named ? locale : host.closest<HTMLElement>("[lang]")?.lang;
  const tags = lang ? [lang] : navigator.languages;
  const key = named + String(tags);
  let answer = answers.get(key);
  if (!answer) {
    const done = find(tags, named)
      .catch((error: unknown) => {
        // What a page says of itself need not be a language we have, nor one at all.
        if (named || !(error instanceof RangeError)) console.warn(`Natter: no texts for locale="${tags}", so they are English. ${error}`);
      })
      .then((words) => {
        if (words) answer!.words = words;
        answer!.settled = true;
      });
    answers.set(key, (answer = { done }));
  }
  return answer;
}
