/** What a folder's name says about its images. */
export type SplitRole = "train" | "validation" | "test";

const WORDS: Record<SplitRole, RegExp> = {
  train: /^(train|training|trn|trainset|trainingset|traindata)\d*$/,
  validation: /^(validation|valid|val|dev|valset|validset|validationset)\d*$/,
  test: /^(test|testing|tst|eval|evaluation|holdout|testset|testingset)\d*$/,
};

/** Words beside which a role's word still names a split: `seg_train`, `training_set`, `train-images`, `Test Data`. */
const BESIDE = /^(set|sets|data|dataset|split|images?|imgs?|photos?|pictures?|files|folder|seg|raw|the|my|\d+)$/;

/**
 * The part of a data set that a folder of this name holds, in any case: `train`, `Training`, `training_set`; `validation`, `valid`, `val`;
 * `test`, `test_set`, `testing`, `eval`.
 */
export function splitRole(name: string): SplitRole | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const roles = words.flatMap((word) => (Object.keys(WORDS) as SplitRole[]).filter((role) => WORDS[role].test(word)));
  const others = words.filter((word) => !Object.values(WORDS).some((pattern) => pattern.test(word)));
  return roles.length === 1 && others.every((word) => BESIDE.test(word)) ? roles[0] : undefined;
}
