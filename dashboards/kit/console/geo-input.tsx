import { Form, Input } from 'antd';
import { pointOfText } from '../geo-point.ts';
import { pageWords } from '../i18n/page-words.ts';

const useGeoWords = pageWords({
  zh: {
    label: '大门位置（选填）',
    hint: '纬度, 经度（WGS-84），例如 30.2741, 120.1551。商家按离店远近挑小区时用。',
    wrong: '请写成“纬度, 经度”',
  },
  en: {
    label: 'Where the main gate is (optional)',
    hint: 'Latitude, longitude (WGS-84), such as 30.2741, 120.1551. Merchants choose communities by their distance.',
    wrong: 'Please write “latitude, longitude”',
  },
});

/** A point on earth as text in the form's field `place`; empty: not said. */
export function GeoInput() {
  const m = useGeoWords();
  const isPoint = (_rule: unknown, text: string | undefined): Promise<void> =>
    !text?.trim() || pointOfText(text) ? Promise.resolve() : Promise.reject(new Error(m.wrong));
  return (
    <Form.Item name="place" label={m.label} extra={m.hint} rules={[{ validator: isPoint }]}>
      <Input maxLength={40} autoComplete="off" />
    </Form.Item>
  );
}
