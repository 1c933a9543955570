/** The words of a text. @param {string} text */
const wordsOf = (text) => text.toLowerCase().match(/\p{L}+/gu) ?? [];

/** All words of some texts, in alphabetical order. @param {string[]} texts */
export const vocabularyOf = (texts) => [...new Set(texts.flatMap(wordsOf))].sort();

/**
 * How often each word stands in each text.
 *
 * @param {string[]} texts [n].
 * @param {string[]} vocabulary [words]; others are passed over.
 * @returns {{ shape: number[], values: Float32Array }} [n, words] float32.
 */
export function bagsOfWords(texts, vocabulary) {
  const place = new Map(vocabulary.map((word, i) => [word, i]));
  const values = new Float32Array(texts.length * vocabulary.length);
  for (const [i, text] of texts.entries())
    for (const word of wordsOf(text)) {
      const j = place.get(word);
      if (j !== undefined) values[i * vocabulary.length + j] += 1;
    }
  return { shape: [texts.length, vocabulary.length], values };
}
