import type { ThemeConfig } from 'antd';

/** antd in our colours. Its own defaults for placeholders, hints, links and states fall below 4.5 : 1; these do not. */
export const consoleTheme: ThemeConfig = {
  token: {
    colorPrimary: '#3346d3',
    // Under the pointer darker, not lighter: white words on it stay readable.
    colorPrimaryHover: '#2634a8',
    colorPrimaryActive: '#1f2b8c',
    colorInfo: '#3346d3',
    colorLink: '#3346d3',
    colorSuccess: '#0b7a4b',
    colorWarning: '#8f5300',
    colorError: '#c0232c',
    colorErrorHover: '#a51c24',
    colorErrorActive: '#86141b',
    colorText: '#14182b',
    colorTextSecondary: '#4a5168',
    colorTextTertiary: '#5b627a',
    colorTextQuaternary: '#666d85',
    colorTextDescription: '#4a5168',
    colorTextPlaceholder: '#666d85',
    colorTextDisabled: '#5f667e',
    colorBorder: '#b9bfd0',
    colorBorderSecondary: '#dfe2ec',
    colorBgLayout: '#f4f5fa',
    borderRadius: 9,
    borderRadiusLG: 14,
    controlHeight: 40,
    controlHeightLG: 48,
    controlHeightSM: 32,
    fontSize: 15,
    fontFamily: 'var(--font)',
  },
  components: {
    Segmented: { trackBg: '#e3e6f0', itemColor: '#4a5168' },
    Slider: {
      trackBg: '#3346d3',
      trackHoverBg: '#2634a8',
      handleColor: '#3346d3',
      railBg: '#d3d7e4',
      railHoverBg: '#c5cadb',
    },
  },
};
