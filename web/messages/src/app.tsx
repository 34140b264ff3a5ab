// The page as a whole: learn where the pool is, then either the sign-in forms or the messages.
import { useCallback, useEffect, useState } from 'react';
import { Recover } from './auth/recover';
import { configure, isOtherUser, isSignedIn, signOut } from './auth/session';
import { SignIn } from './auth/signin';
import { Confirm, SignUp } from './auth/signup';
import { Messages } from './pages/messages';
import { navigate, nextOf, pageOf, useAddress } from './router';
import { Button, Notice, Spinner } from './ui/parts';

type Session = 'unknown' | 'unreachable' | 'out' | 'in';

async function findSession(): Promise<Session> {
  try {
    await configure();
  } catch {
    return 'unreachable';
  }
  return (await isSignedIn()) ? 'in' : 'out';
}

export function App() {
  const [session, setSession] = useState<Session>('unknown');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    void findSession().then(setSession);
  }, [attempt]);

  // Nobody needs to press the button when the server comes back.
  useEffect(() => {
    if (session !== 'unreachable') return undefined;
    const timer = setTimeout(() => setAttempt((n) => n + 1), 3000);
    return () => clearTimeout(timer);
  }, [session, attempt]);

  const signedIn = useCallback(() => {
    navigate(nextOf(new URL(location.href)), { replace: true });
    setSession('in');
  }, []);
  // The page starts anew, so that nothing of what this person read stays in its memory.
  const signedOut = useCallback((after: 'ended' | 'asked') => {
    const next = encodeURIComponent(location.pathname);
    setSession('unknown');
    void signOut().then(() => location.replace(after === 'ended' ? `/signin?after=ended&next=${next}` : '/signin'));
  }, []);
  useEffect(() => {
    const elsewhere = (event: StorageEvent) => {
      if (isOtherUser(event)) location.reload();
    };
    addEventListener('storage', elsewhere);
    return () => removeEventListener('storage', elsewhere);
  }, []);

  if (session === 'unknown') return <Splash />;
  if (session === 'unreachable') return <Unreachable again={() => setAttempt((n) => n + 1)} />;
  return session === 'in' ? <Inside onSignedOut={signedOut} /> : <Outside onSignedIn={signedIn} />;
}

function Outside({ onSignedIn }: { onSignedIn: () => void }) {
  const address = useAddress();
  const { page } = pageOf(address.pathname);
  const asked = page === 'messages' || page === 'thread' || page === 'search';
  useEffect(() => {
    if (asked) navigate(`/signin?next=${encodeURIComponent(address.pathname)}`, { replace: true });
  }, [asked, address.pathname]);
  if (page === 'signup') return <SignUp onSignedIn={onSignedIn} />;
  if (page === 'confirm') return <Confirm onSignedIn={onSignedIn} />;
  if (page === 'recover') return <Recover />;
  return <SignIn onSignedIn={onSignedIn} />;
}

function Inside({ onSignedOut }: { onSignedOut: (after: 'ended' | 'asked') => void }) {
  const address = useAddress();
  const where = pageOf(address.pathname);
  const form = where.page === 'signin' || where.page === 'signup' || where.page === 'confirm' || where.page === 'recover';
  useEffect(() => {
    if (form || address.pathname === '/') navigate('/messages', { replace: true });
  }, [form, address.pathname]);
  return <Messages where={where} onSignedOut={onSignedOut} />;
}

function Splash() {
  return (
    <main className="splash">
      <Spinner label="Loading" />
    </main>
  );
}

function Unreachable({ again }: { again: () => void }) {
  return (
    <main className="splash">
      <Notice title="The server cannot be reached" role="status">
        <p>This page goes on by itself as soon as it answers.</p>
        <Button kind="plain" onClick={again}>Try now</Button>
      </Notice>
    </main>
  );
}
