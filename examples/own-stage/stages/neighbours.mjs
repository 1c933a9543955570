/**
 * What the nearest neighbours of each row say of it, by the cosine of the angle between rows.
 *
 * @param {Float32Array} values [n, length].
 * @param {readonly string[]} labels [n].
 * @param {number} count how many neighbours vote.
 * @returns {{ label: string, share: number }[]} the label that most of them have, and its share of the votes, 0–1.
 */
export function vote(values, labels, count) {
  const length = values.length / labels.length;
  const rows = labels.map((label, i) => ({ label, row: unit(values.subarray(i * length, (i + 1) * length)) }));
  return rows.map((one) => {
    const others = rows.filter((other) => other !== one);
    const near = others.map(({ label, row }) => ({ label, cosine: dot(one.row, row) }));
    near.sort((a, b) => b.cosine - a.cosine);
    return majority(near.slice(0, count).map(({ label }) => label));
  });
}

/** A row brought to length 1. @param {Float32Array} row */
function unit(row) {
  const norm = Math.sqrt(dot(row, row)) || 1;
  return row.map((value) => value / norm);
}

/** @param {Float32Array} a @param {Float32Array} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @param {string[]} labels */
function majority(labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [label, most] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return { label, share: most / labels.length };
}
