// What the bundler makes of imports that are not scripts.
declare module "*?url" {
  const address: string;
  export default address;
}
declare module "*?inline" {
  const text: string;
  export default text;
}
declare module "*.css";
