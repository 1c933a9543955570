import { writeNpy } from "../../src/public/records/npy.ts";
import { openFeatures } from "../../src/records/features/features.ts";

/** Writes the validation split's features as one .npy file, for programs that know nothing of parts. @returns the file. */
export async function validationFeatures(folder: string, file: string): Promise<string> {
  const reader = await openFeatures(folder, "validation");
  const values = new Float32Array(reader.images.length * reader.rowLength);
  reader.read([...reader.images.keys()], values);
  await writeNpy(file, { shape: [reader.images.length, ...reader.rowShape], values });
  await reader.close();
  return file;
}
