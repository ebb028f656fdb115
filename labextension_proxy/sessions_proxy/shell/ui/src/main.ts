// The shell's page: one terminal, its connection, and plain words when that is lost.
import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { handleClipboardKeys } from "./clipboard";
import { Connection, type Listener, type Loss } from "./connection";
import "./style.css";
import { followTheme } from "./theme";

const FONT =
  'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

const WORDS: Record<Loss, string> = {
  trying: "The connection to the session was lost. The shell keeps running.",
  stopped: "The session does not answer here: it has stopped, or you are signed out.",
  forbidden: "You may not use this session any more.",
};

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

const name = document.body.dataset.name ?? "session";
const which = new URLSearchParams(location.search).get("shell");
const shell = which && /^[a-z0-9]{1,12}$/.test(which) ? which : null;
const kind = shell ? `Shell ${shell}` : "Shell";

const screen = element("terminal");
const state = element("state");
const notice = element("notice");
const sentence = notice.querySelector("p")!;
const button = notice.querySelector("button")!;

const terminal = new Terminal({
  allowProposedApi: true,
  cursorBlink: true,
  fontFamily: FONT,
  fontSize: 14,
  macOptionIsMeta: true,
  minimumContrastRatio: 4.5,
  scrollback: 10_000,
});
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.loadAddon(new Unicode11Addon());
terminal.unicode.activeVersion = "11";
terminal.loadAddon(
  new WebLinksAddon((_event, address) => window.open(address, "_blank", "noopener,noreferrer")),
);
terminal.open(screen);
handleClipboardKeys(terminal);
followTheme((theme) => {
  terminal.options.theme = theme;
});

function say(words: string, label: string, act: () => void): void {
  sentence.textContent = words;
  button.textContent = label;
  button.onclick = act;
  notice.hidden = false;
}

function showState(words: string, connected: boolean): void {
  state.textContent = words;
  state.classList.toggle("connected", connected);
  screen.classList.toggle("away", !connected);
  terminal.options.disableStdin = !connected;
}

// What the terminal answers to old output that is shown again was answered then.
let replaying = false;
let expectsReplay = false;
let expectsOldShell = false;

const listener: Listener = {
  connected(replay) {
    terminal.reset();
    expectsReplay = replay;
    if (expectsOldShell && !replay)
      terminal.writeln("\x1b[2mThe earlier shell has ended; this is a new one.\x1b[22m");
    expectsOldShell = true;
    notice.hidden = true;
    showState("Connected", true);
    fit.fit();
    connection.resize(terminal.rows, terminal.cols);
    terminal.focus();
  },
  output(text) {
    const old = expectsReplay;
    expectsReplay = false;
    replaying ||= old;
    terminal.write(text, () => {
      if (old) replaying = false;
      connection.confirm();
    });
  },
  lost(why, seconds) {
    const retries = seconds !== null;
    showState(retries ? "Connecting again…" : "Not connected", false);
    say(WORDS[why], retries ? "Try now" : "Reload", retries ? connect : () => location.reload());
  },
  ended() {
    expectsOldShell = false;
    showState("Ended", false);
    say("The shell has ended.", "Start a new shell", connect);
    button.focus();
  },
};

const address = new URL(shell ? `websocket/${shell}` : "websocket", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
address.search = "";
address.hash = "";
const connection = new Connection(address.href, listener);

function connect(): void {
  showState("Connecting…", false);
  connection.open();
}

terminal.onData((text) => {
  if (!replaying) connection.type(text);
});
terminal.onResize(({ rows, cols }) => connection.resize(rows, cols));
terminal.onTitleChange((title) => {
  document.title = title ? `${name} – ${title}` : `${name} – ${kind}`;
});

document.title = `${name} – ${kind}`;
document.querySelector(".kind")!.textContent = kind;
const another = Math.random().toString(36).slice(2, 6);
element<HTMLAnchorElement>("new-shell").href = `./?shell=${another}`;

let fitting = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(fitting);
  fitting = requestAnimationFrame(() => {
    if (screen.clientWidth > 0 && screen.clientHeight > 0) fit.fit();
  });
}).observe(screen);

connect();
