/** Whether a DNS name equals a domain or lies below it. */
export const isWithin = (name: string, domain: string): boolean => `.${name}`.endsWith(`.${domain}`);
