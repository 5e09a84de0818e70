/** The parts of Swagger UI that the reference uses; the package has no types. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  export type Props = Readonly<Record<string, unknown>> | null;
  type Element = object;
  export type Component = string | ((props: never) => Element | null);
  interface React {
    readonly createElement: (component: Component, props?: Props, ...children: unknown[]) => Element;
  }
  export interface System {
    readonly React: React;
    readonly getComponent: (name: string, isContainer?: boolean) => Component;
  }
  type Wrap = (original: Component, system: System) => Component;
  interface Plugin {
    readonly components?: Readonly<Record<string, Component>>;
    readonly wrapComponents?: Readonly<Record<string, Wrap>>;
  }
  interface Options {
    readonly domNode: HTMLElement;
    readonly spec: object;
    readonly layout: string;
    readonly plugins: readonly ((system: System) => Plugin)[];
    readonly deepLinking: boolean;
    readonly defaultModelsExpandDepth: number;
    readonly displayRequestDuration: boolean;
    readonly validatorUrl: null;
  }
  export default function SwaggerUI(options: Options): void;
}
