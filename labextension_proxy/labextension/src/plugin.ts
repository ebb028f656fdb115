/** The plugin: it puts the session's item into the status bar, where there is one. */
import { readSession } from "./session";
import { makeItem } from "./item";
import type { StatusBar, Token, WidgetClass } from "./lab";

export interface Plugin {
  id: string;
  description: string;
  autoStart: true;
  optional: Token[];
  activate: (app: unknown, statusBar: StatusBar | null) => void;
}

/** Before all that JupyterLab itself puts at the left. */
const RANK = -1;

export function makePlugin(id: string, statusBarToken: Token, widget: WidgetClass): Plugin {
  return {
    id,
    description: "Leads back to the session's details on the Sessions page.",
    autoStart: true,
    optional: [statusBarToken],
    activate: (_app, statusBar) => {
      const session = readSession(document);
      if (!session || !statusBar) return;
      const { node } = makeItem(session);
      statusBar.registerStatusItem(id, { item: new widget({ node }), align: "left", rank: RANK });
    },
  };
}
