// The websocket to one shell: terminado's protocol, and coming back after it was lost.

export type Loss = "trying" | "stopped" | "forbidden";

export interface Listener {
  /** The shell is there; `replay` says that its old output follows in one piece. */
  connected(replay: boolean): void;
  output(text: string): void;
  /** The connection is gone; the next attempt comes in `seconds`, or never if it is null. */
  lost(why: Loss, seconds: number | null): void;
  /** The shell itself has ended. */
  ended(): void;
}

const WAITS = [0.5, 1, 2, 4, 8, 15];
const PING_MS = 15_000;
const ANSWER_MS = 10_000;
const OPEN_MS = 20_000;
const PIECE = 16_384;
const ACK_AFTER_MESSAGES = 8;
const ACK_AFTER_MS = 100;

export class Connection {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: number | undefined;
  private deadline: number | undefined;
  private ping: number | undefined;
  private shown = 0;
  private ackTimer: number | undefined;
  private done = false;

  constructor(
    private readonly address: string,
    private readonly listener: Listener,
  ) {
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => {
      // Its own end may be minutes away: closing waits for an answer that cannot come.
      if (this.socket) this.fail(this.socket);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
  }

  /** Connect now, forgetting what went before. */
  open(): void {
    this.done = false;
    this.drop();
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.deadline = window.setTimeout(() => this.fail(socket), OPEN_MS);
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(JSON.parse(String(event.data)));
    };
    socket.onclose = () => this.fail(socket);
  }

  type(text: string): void {
    for (let at = 0; at < text.length; ) {
      let end = Math.min(at + PIECE, text.length);
      const last = text.charCodeAt(end - 1);
      if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
      this.send(["stdin", text.slice(at, end)]);
      at = end;
    }
  }

  resize(rows: number, columns: number): void {
    this.send(["set_size", rows, columns, 0, 0]);
  }

  /** Confirm that one message of output is on the screen. */
  confirm(): void {
    this.shown += 1;
    if (this.shown >= ACK_AFTER_MESSAGES) this.acknowledge();
    else this.ackTimer ??= window.setTimeout(() => this.acknowledge(), ACK_AFTER_MS);
  }

  private acknowledge(): void {
    window.clearTimeout(this.ackTimer);
    this.ackTimer = undefined;
    if (this.shown > 0) this.send(["ack", this.shown]);
    this.shown = 0;
  }

  private take(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [kind, content] = message as [string, unknown];
    window.clearTimeout(this.deadline);
    if (kind === "setup") {
      this.attempt = 0;
      this.shown = 0;
      this.send(["ack", 0]);
      this.ping = window.setInterval(() => this.check(), PING_MS);
      this.listener.connected((content as { replay?: boolean } | undefined)?.replay === true);
    } else if (kind === "stdout") {
      this.listener.output(String(content));
    } else if (kind === "disconnect") {
      this.done = true;
      this.drop();
      this.listener.ended();
    }
  }

  private check(): void {
    const socket = this.socket;
    if (!socket) return;
    this.send(["ping"]);
    window.clearTimeout(this.deadline);
    this.deadline = window.setTimeout(() => this.fail(socket), ANSWER_MS);
  }

  private hurry(): void {
    if (this.done) return;
    if (this.socket?.readyState === WebSocket.OPEN) this.check();
    else if (this.retry !== undefined) this.open();
  }

  private fail(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.drop();
    const wait = WAITS[Math.min(this.attempt, WAITS.length - 1)] ?? 15;
    this.attempt += 1;
    this.listener.lost("trying", wait);
    this.retry = window.setTimeout(() => void this.comeBack(), wait * 1000);
  }

  /** Ask why, by an ordinary request, before the next attempt: a websocket does not say it. */
  private async comeBack(): Promise<void> {
    const asked = this.retry;
    const why = await whatIsWrong();
    if (this.retry !== asked) return;
    if (why === "trying") {
      this.open();
    } else {
      this.retry = undefined;
      this.done = true;
      this.listener.lost(why, null);
    }
  }

  private send(message: unknown[]): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private drop(): void {
    for (const timer of [this.retry, this.deadline, this.ackTimer]) window.clearTimeout(timer);
    window.clearInterval(this.ping);
    this.retry = this.deadline = this.ackTimer = undefined;
    const old = this.socket;
    this.socket = null;
    old?.close();
  }
}

async function whatIsWrong(): Promise<Loss> {
  try {
    const answer = await fetch("./", { redirect: "manual", cache: "no-store" });
    if (answer.status === 403) return "forbidden";
    if (answer.type === "opaqueredirect" || answer.status === 404 || answer.status === 424)
      return "stopped";
  } catch {
    // No network: it comes back.
  }
  return "trying";
}
