/** The container that JupyterLab asks for the extension, as webpack's module federation has it. */
import { makePlugin, type Plugin } from "./plugin";
import { takeShared, type ShareScope } from "./shared";
import type { StatusBarModule, WidgetsModule } from "./lab";

declare const EXTENSION: string;

/** JupyterLab takes `default` only of what says that it is a module; else its page stays blank. */
interface LoadedModule {
  __esModule: true;
  default: Plugin;
}

let shared: ShareScope = {};

const container = {
  init(scope: ShareScope): void {
    shared = scope;
  },

  async get(name: string): Promise<() => LoadedModule> {
    if (name !== "./extension") throw new Error(`There is no ‘${name}’ in ${EXTENSION}.`);
    const [statusBar, widgets] = await Promise.all([
      takeShared<StatusBarModule>(shared, "@jupyterlab/statusbar"),
      takeShared<WidgetsModule>(shared, "@lumino/widgets"),
    ]);
    const plugin = makePlugin(`${EXTENSION}:status`, statusBar.IStatusBar, widgets.Widget);
    return () => ({ __esModule: true, default: plugin });
  },
};

const page = globalThis as { _JUPYTERLAB?: Record<string, typeof container> };
page._JUPYTERLAB = { ...page._JUPYTERLAB, [EXTENSION]: container };
