/** The nonce of the page's style sheets, which an editor's own need too. */
export function nonceOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce ?? "";
}
