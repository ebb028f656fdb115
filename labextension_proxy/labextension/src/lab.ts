/** What we use of JupyterLab, and no more of it: its own types would bring a hundred packages. */

export type Token = object;

export interface Widget {
  readonly node: HTMLElement;
}

export interface StatusBar {
  registerStatusItem(
    id: string,
    item: { item: Widget; align: "left" | "middle" | "right"; rank: number },
  ): unknown;
}

export interface StatusBarModule {
  IStatusBar: Token;
}

export interface WidgetsModule {
  Widget: WidgetClass;
}

export type WidgetClass = new (options: { node: HTMLElement }) => Widget;
