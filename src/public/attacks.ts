/**
 * Poisoning label tables of any kind, and what an attack of your own is made of.
 *
 * @module attacks
 */
export { BALANCES, type Balance } from "../attacks/apportion.ts";
export type { Attack, AttackInput, Material } from "../attacks/attack.ts";
export { ATTACK_NAMES, ATTACKS, type AttackName } from "../attacks/index.ts";
export type { ImageEntry, Split } from "../records/format/image-folder.ts";
export type { LabelRow } from "../records/labels/label-row.ts";
export { type Labelled, type Poisoned, type PoisonOptions, poisonLabels } from "./attacks/poison-labels.ts";
