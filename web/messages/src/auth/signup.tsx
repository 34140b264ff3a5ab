import { useState } from 'react';
import { asHandle } from '../logic/text';
import { Link, navigate, nextOf, useAddress } from '../router';
import { Button, Field } from '../ui/parts';
import { useTitle } from '../ui/hooks';
import { AuthFrame, FormNote, need, useForm } from './form';
import { pending } from './pending';
import { confirm, resendCode, signIn, signUp } from './session';
import { PASSWORD_HINT } from './signin';
import { Missing } from './tell';

const HANDLE = /^[a-z0-9_][a-z0-9_.-]{0,29}$/;

export function needHandle(handle: string): void {
  need(handle, 'Please choose one.', 'handle');
  if (!HANDLE.test(asHandle(handle))) throw new Missing('Only a–z, 0–9, . - _', 'handle');
}

export function SignUp({ onSignedIn }: { onSignedIn: () => void }) {
  useTitle('Create an account · Cruddur Messages');
  const [name, setName] = useState('');
  const [handle, setHandle] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(async () => {
    need(name, 'Please give a name.', 'name');
    needHandle(handle);
    need(email, 'Please give your email.', 'email');
    if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) throw new Missing('This does not look like an email address.', 'email');
    need(password, 'Please choose a password.', 'password');
    const account = { email: email.trim(), password };
    const next = await signUp({ ...account, name: name.trim(), handle: asHandle(handle) });
    if (next === 'done') {
      await signIn(account.email, password);
      onSignedIn();
      return;
    }
    pending.account = account;
    navigate(`/confirm?email=${encodeURIComponent(account.email)}`);
  });
  return (
    <AuthFrame title="Create an account" intro="A name, a handle, and you can write to anybody here."
      foot={<>Have an account? <Link to="/signin">Sign in</Link></>}>
      <form onSubmit={form.submit} noValidate>
        <div className="field-row">
          <Field label="Name" type="text" name="name" autoComplete="name" maxLength={100} value={name}
            onChange={(event) => setName(event.target.value)} problem={form.at('name')} hint="What others see." />
          <Field label="Handle" type="text" name="handle" autoComplete="nickname" autoCapitalize="none" spellCheck={false} maxLength={31}
            value={handle} onChange={(event) => setHandle(event.target.value)} problem={form.at('handle')} hint="How others find you." />
        </div>
        <Field label="Email" type="email" name="email" autoComplete="username" inputMode="email" autoCapitalize="none" spellCheck={false}
          value={email} onChange={(event) => setEmail(event.target.value)} problem={form.at('email')} hint="A code goes there." />
        <Field label="Password" type="password" name="password" autoComplete="new-password" value={password}
          onChange={(event) => setPassword(event.target.value)} problem={form.at('password')} hint={PASSWORD_HINT} />
        <FormNote problem={form.problem} />
        <Button type="submit" busy={form.busy}>Create account</Button>
      </form>
    </AuthFrame>
  );
}

export function Confirm({ onSignedIn }: { onSignedIn: () => void }) {
  useTitle('Confirm your email · Cruddur Messages');
  const address = useAddress();
  const given = address.searchParams.get('email') ?? '';
  const [email, setEmail] = useState(given);
  const [code, setCode] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const form = useForm(async () => {
    need(email, 'Please give your email.', 'email');
    need(code, 'Please type the code.', 'code');
    setSent(null);
    // The account is confirmed even when the directory refuses it; what to do then is said inside.
    await confirm(email.trim(), code.trim()).catch((error: Error) => {
      if (error.name !== 'UserLambdaValidationException') throw error;
    });
    const account = pending.account;
    pending.account = null;
    if (account?.email !== email.trim()) return goToSignIn();
    const step = await signIn(account.email, account.password).catch(() => null);
    if (step === 'done') onSignedIn();
    else goToSignIn();
  });
  const goToSignIn = () => {
    const next = encodeURIComponent(nextOf(address));
    navigate(`/signin?after=confirmed&email=${encodeURIComponent(email.trim())}&next=${next}`);
  };
  const again = useForm(async () => {
    form.setProblem(null);
    setSent(null);
    await resendCode(email.trim());
    setSent('A new code is on its way.');
  });
  return (
    <AuthFrame title="Confirm your email" intro={given ? <>We sent a code of six digits to <b>{given}</b>.</> : 'With the code of six digits that we sent you.'}
      foot={<><Button kind="link" busy={again.busy} onClick={() => void again.submit()}>Send a new code</Button> · <Link to="/signin">Back to sign-in</Link></>}>
      <form onSubmit={form.submit} noValidate>
        {!given && (
          <Field label="Email" type="email" name="email" autoComplete="username" value={email}
            onChange={(event) => setEmail(event.target.value)} problem={form.at('email')} />
        )}
        <CodeField code={code} onChange={setCode} problem={form.at('code') ?? again.at('code')} />
        <FormNote problem={form.problem ?? again.problem} done={sent} />
        <Button type="submit" busy={form.busy}>Confirm</Button>
      </form>
    </AuthFrame>
  );
}

export function CodeField({ code, onChange, problem }: { code: string; onChange: (code: string) => void; problem: string | undefined }) {
  return (
    <Field label="Code" type="text" name="code" className="code" inputMode="numeric" autoComplete="one-time-code" maxLength={12} autoFocus
      spellCheck={false} value={code} onChange={(event) => onChange(event.target.value.replace(/\s/g, ''))} problem={problem} />
  );
}
