// The account that waits for its confirmation code, so that the code alone signs in. In memory only: gone on reload.
export const pending: { account: { email: string; password: string } | null } = { account: null };
