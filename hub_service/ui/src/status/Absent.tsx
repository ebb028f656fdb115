/** In place of a session that is not there: gone, not yet loaded, or why it cannot be loaded. */
import { sentenceOf } from "../api/error-text";
import { ApiError } from "../api/client";
import { isMissing } from "../api/useSession";
import { SignIn } from "../list/Problem";
import { texts } from "../texts";

/** `why` is the last failure, also of a call that is still tried again. */
export function Absent({ why }: { why: Error | null }) {
  if (!why) return <p>{texts.details.loading}</p>;
  if (isMissing(why)) return <p>{texts.errors.missing}</p>;
  return (
    <>
      <p role="alert">{sentenceOf(why)}</p>
      {why instanceof ApiError && why.status === 401 && <SignIn />}
    </>
  );
}
