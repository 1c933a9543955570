/*
 * What strangers have written (names of files, classes and branches, answers of servers, messages of other programs) as text that cannot
 * steer a terminal. Plain JavaScript: the doctor prints before any package is installed.
 */

/** Joiners do what they are there for in emoji and in the scripts whose letters they bind; between other letters nobody sees them. */
const JOINED = [
  "(?<=\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\uFE0F]{0,2})\\u200D(?=\\p{Extended_Pictographic})",
  "(?<=[\\p{L}\\p{M}])(?<=[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}" +
    "\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}" +
    "\\p{Script=Sinhala}\\p{Script=Khmer}])[\\u200C\\u200D]",
  "\\u{1F3F4}[\\u{E0061}-\\u{E007A}\\u{E0030}-\\u{E0039}]{1,6}\\u{E007F}", // the flags of England, Scotland and Wales
];

/** Format characters that are seen: signs that stand around numbers and verses. */
const SEEN = "\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}";

/** Blanks that no one sees: of Hangul, Khmer, Mongolian, and what only joins graphemes. */
const BLANK = "\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u3164\\uFFA0";

/** Controls (C0, DEL, C1), surrogates alone, separators of lines, formats (bidi, zero width, tags): all but what is kept. */
const UNPRINTABLE = new RegExp(
  `(${JOINED.join("|")}|[${SEEN}\\n\\t])|[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}${BLANK}]`,
  "gu",
);

/** @type {Record<string, string>} */
const SHORT = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text whose every character is seen: control, bidi and invisible characters as escapes of JSON, `\u001b`; letters of all scripts,
 * spaces and emoji as they are. Lines stay lines: for whole messages. JSON stays JSON, with the same values.
 *
 * @param {string} text
 * @returns {string}
 */
export const printable = (text) =>
  text.replaceAll("\r\n", "\n").replace(UNPRINTABLE, (found, kept) => kept ?? asEscape(found));

/** UTF-16 code units of a name that are shown. */
const LONGEST = 300;

/**
 * The same on one line: for a name within a message. Ends of lines are escaped too, and of a long text only the beginning is shown.
 *
 * @param {string} text
 * @param {number} [longest] in UTF-16 code units
 * @returns {string}
 */
export const oneLine = (text, longest = LONGEST) => printable(cut(text, longest).replace(/[\n\r\t]/g, asEscape));

/**
 * A name in quotation marks, on one line, as JSON writes it.
 *
 * @param {string} text
 * @returns {string}
 */
export const quoted = (text) => oneLine(JSON.stringify(cut(text, LONGEST)), Number.POSITIVE_INFINITY);

/** @param {string} text @param {number} longest */
const cut = (text, longest) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** @param {string} text */
const asEscape = (text) =>
  SHORT[text] ??
  [...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
