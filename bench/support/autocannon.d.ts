declare module 'autocannon' {
  type Options = {
    url: string
    connections: number
    headers?: Record<string, string>
    duration: number
  }
  type Result = {
    non2xx: number
    errors: number
    duration: number
    requests: { total: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
