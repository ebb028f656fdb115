// The two colour themes; the hub's own choice counts where the page shares its origin.
import type { ITheme } from "@xterm/xterm";

const HUB_CHOICE = "jupyterhub-bs-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#1f2328",
  cursor: "#0969da",
  cursorAccent: "#ffffff",
  selectionBackground: "#0969da33",
  black: "#24292f",
  red: "#cf222e",
  green: "#116329",
  yellow: "#7d4e00",
  blue: "#0969da",
  magenta: "#8250df",
  cyan: "#1b7c83",
  white: "#6e7781",
  brightBlack: "#57606a",
  brightRed: "#a40e26",
  brightGreen: "#1a7f37",
  brightYellow: "#633c01",
  brightBlue: "#218bff",
  brightMagenta: "#a475f9",
  brightCyan: "#3192aa",
  brightWhite: "#8c959f",
};

const DARK: ITheme = {
  background: "#0d1117",
  foreground: "#e6edf3",
  cursor: "#58a6ff",
  cursorAccent: "#0d1117",
  selectionBackground: "#58a6ff55",
  black: "#484f58",
  red: "#ff7b72",
  green: "#3fb950",
  yellow: "#d29922",
  blue: "#58a6ff",
  magenta: "#bc8cff",
  cyan: "#39c5cf",
  white: "#b1bac4",
  brightBlack: "#6e7681",
  brightRed: "#ffa198",
  brightGreen: "#56d364",
  brightYellow: "#e3b341",
  brightBlue: "#79c0ff",
  brightMagenta: "#d2a8ff",
  brightCyan: "#56d4dd",
  brightWhite: "#ffffff",
};

function hubChoice(): string | null {
  try {
    return localStorage.getItem(HUB_CHOICE);
  } catch {
    return null;
  }
}

function isDark(): boolean {
  const chosen = hubChoice();
  return chosen === "dark" || (chosen !== "light" && system.matches);
}

/** Show the page in the theme that counts now, and in every later one. */
export function followTheme(show: (theme: ITheme) => void): void {
  const apply = () => {
    const dark = isDark();
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    show(dark ? DARK : LIGHT);
  };
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  apply();
}
