/** The texts that turn a switch on and off. */

export function isOn(text: string): boolean {
  return /^(true|1|yes|on)$/i.test(text);
}

export function isOff(text: string): boolean {
  return /^(false|0|no|off)$/i.test(text);
}
