/** "2 new sessions" [Show]: what came while somebody was looking at the rows. */
import { texts } from "../texts";

export function Waiting({ count, onShow }: { count: number; onShow: () => void }) {
  if (count === 0) return null;
  return (
    <div className="waiting">
      {texts.list.newSessions(count)}
      <button type="button" className="btn btn-sm btn-outline-secondary" onClick={onShow}>
        {texts.list.show}
      </button>
    </div>
  );
}
