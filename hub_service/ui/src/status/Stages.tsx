/** The stages of a start as the service sends them, each with its sign, word and time. */
import type { Stage } from "../api/types";
import { serverNow } from "../boot/boot";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { shortSeconds } from "../time/words";
import { Icon, Spinner } from "../ui/Icon";
import { Text } from "../ui/Text";

interface StagesProps {
  stages: Stage[];
  /** The session ended: a stage that was under way is the one that failed. */
  isOver: boolean;
}

export function Stages({ stages, isOver }: StagesProps) {
  const from = stages[0]?.started_at ?? null;
  const shown = isOver ? stages.map(broken) : stages;
  return (
    <ol className="stages" aria-label={texts.status.stages}>
      {shown.map((stage) => (
        <li key={stage.name} className={`stage stage-${stage.state}`}>
          <Sign state={stage.state} />
          <span>
            <span className="stage-name text-break">
              <Text>{stage.message ?? stage.name}</Text>
            </span>
            <span className="visually-hidden">: {texts.status.stageState[stage.state]}</span>
          </span>
          <StageTime stage={stage} from={from} />
        </li>
      ))}
    </ol>
  );
}

function Sign({ state }: { state: Stage["state"] }) {
  if (state === "running") return <Spinner />;
  if (state === "waiting") return <Icon name="ring" />;
  return <Icon name={state === "done" ? "check" : "cross"} />;
}

function broken(stage: Stage): Stage {
  return stage.state === "running" ? { ...stage, state: "failed" } : stage;
}

/** When the stage began, counted from the first; the one under way counts on. */
function StageTime({ stage, from }: { stage: Stage; from: string | null }) {
  const words = useWords(() => {
    if (!from || !stage.started_at || stage.state === "waiting") return "";
    const began = Date.parse(stage.started_at) - Date.parse(from);
    if (stage.state !== "running") return shortSeconds(began);
    const gone = (serverNow() - Date.parse(from)) / 1000;
    return `${Math.max(0, Math.floor(gone))} s`;
  });
  return <span className="numbers small">{words}</span>;
}
