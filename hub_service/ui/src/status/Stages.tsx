/** The stages of a start as the service sends them, each with its sign, word and how long it took. */
import type { Session, Stage } from "../api/types";
import { texts } from "../texts";
import { useWords } from "../time/now";
import { shortSeconds } from "../time/words";
import { Icon, Spinner } from "../ui/Icon";
import { Text } from "../ui/Text";
import { settledStages } from "./start-news";

interface StagesProps {
  stages: Stage[];
  session: Session;
}

export function Stages({ stages, session }: StagesProps) {
  return (
    <ol className="stages" aria-label={texts.status.stages}>
      {settledStages(stages, session).map((stage) => (
        <li key={stage.name} className={`stage stage-${stage.state}`}>
          <Sign state={stage.state} />
          <span>
            <span className="stage-name text-break">
              <Text>{stage.message ?? stage.name}</Text>
            </span>
            <span className="visually-hidden">: {texts.status.stageState[stage.state]}</span>
            {stage.state === "failed" && <Why session={session} />}
          </span>
          <StageTime stage={stage} />
        </li>
      ))}
    </ol>
  );
}

/** The cause in a few words, at the stage that failed. */
function Why({ session }: { session: Session }) {
  const words = session.explanation?.short;
  return words ? (
    <small className="d-block">
      <Text>{words}</Text>
    </small>
  ) : null;
}

function Sign({ state }: { state: Stage["state"] }) {
  if (state === "running") return <Spinner />;
  if (state === "waiting" || state === "cancelled") return <Icon name="ring" />;
  return <Icon name={state === "done" ? "check" : "cross"} />;
}

/** How long the stage took; the one under way counts on. */
function StageTime({ stage }: { stage: Stage }) {
  const words = useWords((now) => {
    if (!stage.started_at || stage.state === "waiting") return "";
    const began = Date.parse(stage.started_at);
    if (stage.state === "running") return `${Math.max(0, Math.floor((now - began) / 1000))} s`;
    return stage.ended_at ? shortSeconds(Date.parse(stage.ended_at) - began) : "";
  });
  return <span className="numbers small">{words}</span>;
}
