/** A canvas that fills its container's width, is sharp on every screen, and uses the theme's colors. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { theme, useChoice } from '../preferences.ts';
import { useMedia } from './use-media.ts';
import { usePrinting } from './use-printing.ts';

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

interface CanvasProps {
  /** The accessible name. */
  readonly label: string;
  readonly height: number;
  readonly draw: (context: CanvasRenderingContext2D, size: Size) => void;
  /** The data of the drawing: a change redraws it. */
  readonly drawnOf: unknown;
}

export function Canvas({ label, height, draw, drawnOf }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [chosen] = useChoice(theme);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const printing = usePrinting(); // print has the colors of the light theme
  useLayoutEffect(() => {
    const place = canvas.current?.parentElement;
    if (!place) return undefined;
    const observer = new ResizeObserver(() => setWidth(place.clientWidth));
    observer.observe(place);
    setWidth(place.clientWidth);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0) return;
    const ratio = devicePixelRatio;
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    canvas.current.style.height = `${height}px`;
    const { color } = getComputedStyle(canvas.current);
    context.scale(ratio, ratio);
    context.fillStyle = color;
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    draw(context, { width, height });
  }, [width, height, drawnOf, chosen, isDark, printing]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}
