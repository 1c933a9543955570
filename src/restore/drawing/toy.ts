import { between, chance } from "./choose.ts";
import { anyHue, css } from "./colour.ts";
import { num, oval, path } from "./shapes.ts";
import { fill } from "./svg.ts";
import type { View } from "./view.ts";

/** Paints a ball or a bowl on the ground. */
export function toy({ random, width, height, unit, horizon }: View): string {
  const [x, y, r] = [width * random.float(), between(random, [horizon, height]), between(random, [3, 7]) * unit];
  const bowl = `M${num(x - r)} ${num(y - r * 0.5)}h${num(2 * r)}l${num(r * 0.5)} ${num(r * 0.9)}h${num(-3 * r)}z`;
  return fill(chance(random, 0.5) ? path(oval(x, y, r, r)) : bowl, css(anyHue(random, 65, 50)));
}
