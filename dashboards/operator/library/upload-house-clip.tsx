import { Button, Modal } from 'antd';
import { useState } from 'react';
import { Icon } from '../../kit/ui/icon.tsx';
import { UploadPanel } from '../../kit/upload/upload-panel.tsx';
import { useUploadWords } from '../../kit/upload/upload-words.ts';

/** The operator's own clips, which fill what nobody has booked. An upload goes on while the window is closed. */
export function UploadHouseClip() {
  const words = useUploadWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" size="large" icon={<Icon name="upload" />} onClick={() => setOpen(true)}>
        {words.houseTitle}
      </Button>
      <Modal open={open} title={words.houseTitle} footer={null} onCancel={() => setOpen(false)}>
        <UploadPanel isHouse />
      </Modal>
    </>
  );
}
