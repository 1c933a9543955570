declare module "jstat" {
  const jstat: { jStat: { studentt: { cdf(t: number, df: number): number; inv(p: number, df: number): number } } };
  export default jstat;
}
