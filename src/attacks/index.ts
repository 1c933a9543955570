import type { Attack } from "./attack.ts";
import { random } from "./random.ts";

/** All attacks by their names, which `attack.strategy` in params.yaml takes: one file of this folder each. */
export const ATTACKS = { random } satisfies Record<string, Attack>;

/** The name of an attack. */
export type AttackName = keyof typeof ATTACKS;

/** The names, in the order in which people read them. */
export const ATTACK_NAMES = Object.keys(ATTACKS) as [AttackName, ...AttackName[]];
