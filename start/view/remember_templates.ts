import type { Edge } from 'edge.js'

type Compile = (path: string, localVariables?: string[]) => unknown

/**
 * In production a template never changes, but Edge keeps less than it could: it reads the components folder for
 * every renderer, because its plugin asks whether templates are cached before anybody could have said so; it
 * compiles a partial anew at every `@include`, fifty times for fifty rows; and it works out the file of a
 * template each time it is used.
 */
export function rememberTemplates(edge: Edge): void {
  const components = edge.loader.listComponents()
  edge.loader.listComponents = () => components

  for (const compiler of [edge.compiler, edge.asyncCompiler] as unknown as { compile: Compile }[]) {
    const compile = compiler.compile.bind(compiler)
    const compiled = new Map<string, unknown>()
    compiler.compile = (path, localVariables) => {
      // What a partial is compiled to depends on which variables around it are local.
      const key = localVariables ? `${path} ${localVariables.join(' ')}` : path
      const known = compiled.get(key) ?? compile(path, localVariables)
      compiled.set(key, known)
      return known
    }
  }
}
