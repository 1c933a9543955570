/**
 * Pictures: contact sheets of any images, and the chart of a training. What draws is loaded with the first picture.
 *
 * @module plots
 */
export type { EpochMetrics } from "../records/training/history.ts";
export { contactSheet, type SheetImage, type SheetOptions } from "./plots/contact-sheet.ts";
export { type Picture, trainingPicture } from "./plots/training-picture.ts";
