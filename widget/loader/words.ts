// The widget's words in the page's language: fetched from locales/. English is built in.

import { dist } from "./place.js";

type Text = string | Record<string, string>;

/** What a language brings along. */
interface Words {
  /** Its tag, for `lang`. */
  lang: string;
  dir: string;
  /** Options: `strings` as the app takes it, a list of all texts, and the three that are options of their own. */
  options: [string, string][];
}

/** What came of a question for words. None means English, or that they are still on their way. */
export interface Answer {
  words?: Words;
  /** The owner's `strings` are not what they should be. */
  refused?: boolean;
  settled?: boolean;
  done: Promise<void>;
}

const answers = new Map<string, Answer>();
let index: Promise<Record<string, string>> | undefined;

async function json<T>(name: string, integrity: string): Promise<T> {
  const response = await fetch(dist.url(`locales/${name}.json`, integrity), { integrity });
  return response.json();
}

/** The integrity of the files by their languages. */
const list = () => (index ??= json("index", LOCALES_INTEGRITY));

/** The first of these languages that there is, and which way it runs. */
async function choose(tags: readonly string[], named: boolean): Promise<[lang: string, dir: string]> {
  for (const tag of tags) {
    const { language, script } = new Intl.Locale(tag).maximize();
    if (language === "en") break;
    const files = await list();
    // Who reads one of the two ways to write Norwegian reads the other.
    const lang = [language + "-" + script, language, /^n[no]$/.test(language) ? "nb" : ""].find((name) => files[name]);
    if (lang) return [lang, /Arab|Hebr/.test(script!) ? "rtl" : "ltr"];
    if (named) throw "There are auto, " + Object.keys(files).join(", ");
  }
  // English goes the page's way: where that is the other one, the launcher would jump to the other side.
  return ["en", ""];
}

async function find(answer: Answer, [lang, dir]: [string, string], own?: string): Promise<void> {
  if (lang === "en" && !own) return;
  const files = await list();
  const texts = await json<Record<string, Text>>(lang, files[lang]!);
  if (own) {
    try {
      const given = JSON.parse(own) as typeof texts;
      for (const [name, text] of Object.entries(given)) {
        if (!Object.hasOwn(texts, name) || (typeof text !== "string" && typeof texts[name] === "string")) throw name;
      }
      Object.assign(texts, given);
    } catch {
      answer.refused = true;
    }
  }
  const rules = new Intl.PluralRules(lang);
  const kinds = rules.resolvedOptions().pluralCategories;
  const { title, greeting, placeholder, ...rest } = texts;
  // A form on each line, and which line goes with which number: no rule looks at more than two digits.
  const forms = Object.values(rest).map((text) =>
    typeof text === "string" ? text : kinds.map((kind) => text[kind] ?? text.other).join("\n"),
  );
  forms.push(Array.from({ length: 200 }, (_, n) => kinds.indexOf(rules.select(n))).join(""));
  const options = Object.entries({ title, greeting, placeholder, strings: JSON.stringify(forms) });
  answer.words = { lang, dir, options: options as Words["options"] };
}

/** Asks for the words at `host`: in the language the owner named, else that of the page there, else the visitor's. */
export function ask(host: Element, { locale = "auto", strings }: Partial<Record<string, string>>): Answer {
  const named = locale !== "auto";
  const lang = named ? locale : host.closest<HTMLElement>("[lang]:not([lang=''])")?.lang;
  const tags = lang ? [lang] : navigator.languages;
  const key = JSON.stringify([named, tags, strings]);
  let answer = answers.get(key);
  if (!answer) {
    const made = (answer = {} as Answer);
    answers.set(key, made);
    made.done = choose(tags, named)
      .catch((error: unknown): [string, string] => {
        // What a page says of itself need not be a language we have, nor one at all.
        if (named || !(error instanceof RangeError)) console.warn(`Natter: locale="${tags}" gives English. ${error}`);
        return ["en", ""];
      })
      .then((choice) => find(made, choice, strings))
      .catch((error: unknown) => console.warn(`Natter: the texts were not loaded, so they are English (${error}).`))
      .then(() => void (made.settled = true));
  }
  return answer;
}
