/** The newest code that was texted to this phone, read from the sandbox's list as a person reads their messages. */
export async function newestCode(sandboxUrl: string, phone: string): Promise<string | undefined> {
  const answer = await fetch(`${sandboxUrl}/sms.json?phone=${phone}`);
  const { items } = (await answer.json()) as { items: readonly { readonly text: string }[] };
  return /(?<!\d)\d{6}(?!\d)/.exec(items[0]?.text ?? '')?.[0];
}
