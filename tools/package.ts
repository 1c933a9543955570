/*
 * Builds what is published, in dist/: programs and modules as JavaScript, their types, the identity of the stages, and what `init` writes.
 * `npm pack` runs it.
 *   node --import tsx tools/package.ts
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildDeclarations } from "./package/declarations.ts";
import { buildModules } from "./package/modules.ts";
import { stagesIdentityText } from "./package/stages-identity.ts";
import { writeTemplate } from "./package/template.ts";
import { licensesText } from "./package/third-party.ts";

const DIST = "dist";

rmSync(DIST, { recursive: true, force: true });
const [packages] = await Promise.all([buildModules(DIST), buildDeclarations(join(DIST, "types"))]);
writeFileSync(join(DIST, "THIRD-PARTY-LICENSES.txt"), licensesText(packages));
writeFileSync(join(DIST, "stages.lock.json"), await stagesIdentityText());
writeTemplate(join(DIST, "template"));
