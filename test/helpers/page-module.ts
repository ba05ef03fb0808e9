/** A module of the page as it is served: plain JavaScript, so its shape is stated by the test. */
export async function importPageModule<Exports>(file: string): Promise<Exports> {
  const module: unknown = await import(
    new URL(`../../src/kiosk/page/${file}`, import.meta.url).href
  );
  return module as Exports;
}
