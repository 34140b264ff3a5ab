import { useState } from 'react';
import { Link, navigate, nextOf, useAddress } from '../router';
import { Button, Field } from '../ui/parts';
import { useTitle } from '../ui/hooks';
import { AuthFrame, FormNote, need, useForm } from './form';
import { pending } from './pending';
import { chooseNewPassword, resendCode, signIn } from './session';

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  useTitle('Sign in · Cruddur Messages');
  const address = useAddress();
  const [email, setEmail] = useState(address.searchParams.get('email') ?? '');
  const [password, setPassword] = useState('');
  const [mustChoose, setMustChoose] = useState(false);
  const form = useForm(async () => {
    need(email, 'Please give your email.', 'email');
    need(password, 'Please give your password.', 'password');
    const step = await signIn(email.trim(), password);
    if (step === 'done') onSignedIn();
    if (step === 'new-password') setMustChoose(true);
    if (step === 'reset-password') navigate(`/recover?email=${encodeURIComponent(email.trim())}`);
    if (step === 'confirm') await toConfirmation();
  });

  async function toConfirmation() {
    pending.account = { email: email.trim(), password };
    await resendCode(email.trim()).catch(() => undefined);
    navigate(`/confirm?email=${encodeURIComponent(email.trim())}&next=${encodeURIComponent(nextOf(address))}`);
  }

  if (mustChoose) return <ChoosePassword onSignedIn={onSignedIn} />;
  const done = { confirmed: 'Your account is confirmed. Please sign in.', recovered: 'Your password is changed. Please sign in.', ended: 'Your session has ended. Please sign in again.' };
  const said = address.searchParams.get('after') as keyof typeof done | null;
  return (
    <AuthFrame
      title="Sign in"
      intro="Pick up where you left off."
      foot={<>New here? <Link to="/signup">Create an account</Link></>}
    >
      <form onSubmit={form.submit} noValidate>
        <Field label="Email" type="email" name="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false}
          value={email} onChange={(event) => setEmail(event.target.value)} problem={form.at('email')} />
        <Field label="Password" type="password" name="password" autoComplete="current-password"
          value={password} onChange={(event) => setPassword(event.target.value)} problem={form.at('password')}
          hint={<Link to={`/recover${email ? `?email=${encodeURIComponent(email)}` : ''}`}>Forgot your password?</Link>} />
        <FormNote problem={form.problem} done={said && done[said]} />
        <Button type="submit" busy={form.busy}>Sign in</Button>
      </form>
    </AuthFrame>
  );
}

// An account made by an administrator came with a password for one use.
function ChoosePassword({ onSignedIn }: { onSignedIn: () => void }) {
  const [password, setPassword] = useState('');
  const form = useForm(async () => {
    need(password, 'Please choose a password.', 'password');
    await chooseNewPassword(password);
    onSignedIn();
  });
  return (
    <AuthFrame title="Choose a password" intro="The one you signed in with was for this time only.">
      <form onSubmit={form.submit} noValidate>
        <Field label="New password" type="password" autoComplete="new-password" autoFocus value={password}
          onChange={(event) => setPassword(event.target.value)} problem={form.at('password')} hint={PASSWORD_HINT} />
        <FormNote problem={form.problem} />
        <Button type="submit" busy={form.busy}>Save and sign in</Button>
      </form>
    </AuthFrame>
  );
}

export const PASSWORD_HINT = '8 characters or more: upper, lower, digit, symbol.';
