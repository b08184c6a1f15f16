declare module '*.css';
declare module '@fontsource-variable/noto-sans-sc';
declare module '*.md?raw' {
  const text: string;
  export default text;
}
