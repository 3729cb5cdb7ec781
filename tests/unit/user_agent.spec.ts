import { test } from '@japa/runner'
import { describeAgent } from '#transformers/user_agent'

test.group('Browsers', () => {
  test('{browser} on {system} is recognised')
    .with([
      {
        browser: 'Edge',
        system: 'Windows',
        agent:
          'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      },
      {
        browser: 'Safari',
        system: 'iOS',
        agent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      },
      {
        browser: 'WeChat',
        system: 'Android',
        agent:
          'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50',
      },
      {
        browser: 'Firefox',
        system: 'Linux',
        agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      },
    ])
    .run(({ assert }, { browser, system, agent }) => {
      assert.include(describeAgent(agent), { browser, system })
    })

  test('what cannot be told is not guessed', ({ assert }) => {
    assert.deepEqual(describeAgent(''), { browser: null, system: null, isMobile: false })
  })
})
