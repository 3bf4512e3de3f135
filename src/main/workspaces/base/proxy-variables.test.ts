import { expect, it } from 'vitest'
import { withProxyVariables } from './proxy-variables'

it('without a proxy all stays as it is', () => {
  const variables = { EDITOR: 'vim', no_proxy: 'x', http_proxy: '' }
  expect(withProxyVariables(variables)).toBe(variables)
})

it('a proxy is found by every program, and loopback never goes through it', () => {
  expect(withProxyVariables({ HTTP_PROXY: 'http://proxy:3128', no_proxy: 'example.com, .corp' })).toEqual({
    HTTP_PROXY: 'http://proxy:3128',
    http_proxy: 'http://proxy:3128',
    no_proxy: 'example.com,.corp,localhost,127.0.0.1,::1',
    NO_PROXY: 'example.com,.corp,localhost,127.0.0.1,::1',
  })
})

it('what is given in both spellings stays as it is given', () => {
  expect(withProxyVariables({ https_proxy: 'http://a', HTTPS_PROXY: 'http://b', NO_PROXY: '*', no_proxy: '::1' })).toEqual({
    https_proxy: 'http://a',
    HTTPS_PROXY: 'http://b',
    NO_PROXY: '*',
    no_proxy: '::1,localhost,127.0.0.1',
  })
})
