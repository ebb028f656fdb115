/** What JupyterLab shares with its extensions: tokens are only equal when they are the same. */

interface SharedModule {
  get: () => Promise<() => unknown> | (() => unknown);
  loaded?: boolean | number;
}

/** Module → version → how to have it. */
export type ShareScope = Record<string, Record<string, SharedModule>>;

/** Return a shared module: the version in use, else the newest. */
export async function takeShared<Module>(scope: ShareScope, name: string): Promise<Module> {
  const versions = Object.entries(scope[name] ?? {});
  const [best] = versions.sort(
    ([a, one], [b, other]) =>
      Number(Boolean(other.loaded)) - Number(Boolean(one.loaded)) ||
      b.localeCompare(a, "en", { numeric: true }),
  );
  if (!best) throw new Error(`JupyterLab does not share ${name}.`);
  const factory = await best[1].get();
  return factory() as Module;
}
