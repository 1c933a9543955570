import type { Random } from "../../numbers/random.ts";

/** A canvas to paint a scene on, in pixels. */
export interface View {
  random: Random;
  width: number;
  height: number;
  /** A hundredth of the shorter side. */
  unit: number;
  /** Where floor meets wall, or land meets sky. */
  horizon: number;
}
