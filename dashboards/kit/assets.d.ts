declare module '*.css';
/** The address of a style sheet of its own. */
declare module '*.css?url' {
  const address: string;
  export default address;
}
declare module '@fontsource-variable/noto-sans-sc';
declare module '*.md?raw' {
  const text: string;
  export default text;
}
