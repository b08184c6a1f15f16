import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useSignUpWords } from './sign-up-words.ts';
import './standing-notice.css';

/** Until the operator has said yes: what is missing, and the way to it. Nothing for whoever may pay. */
export function StandingNotice() {
  const m = useSignUpWords();
  const { data: profile } = useRead('GET /v1/merchant-profile', {});
  if (!profile || profile.status === 'approved') return null;
  const [missing] = profile.missing;
  return (
    <div className="notice is-warn standing-notice">
      <p>
        <b>{m.status[profile.status]}</b>
        <span>{missing ? m.missing[missing] : m.statusHint[profile.status]}</span>
      </p>
      <Link href="/profile" className="button">
        {m.open}
      </Link>
    </div>
  );
}
