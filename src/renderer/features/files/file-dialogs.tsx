import { fileNameProblem, folderOf, joinPath, nameOf } from '../../../shared/files/file-path'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'
import { TextDialog } from '../../ui/text-dialog'

/** What is asked about a file or folder. */
export type FileQuestion =
  | { kind: 'new-folder'; folder: string }
  | { kind: 'rename'; path: string }
  | { kind: 'delete'; path: string; isFolder: boolean }

interface FileDialogProps {
  question: FileQuestion
  onClose(): void
  onMakeFolder(path: string): void
  onRename(path: string, newPath: string): void
  onDelete(path: string): void
}

export function FileDialog({ question, onClose, onMakeFolder, onRename, onDelete }: FileDialogProps) {
  switch (question.kind) {
    case 'new-folder':
      return (
        <TextDialog
          title="New folder"
          description={<Path prefix="In" path={question.folder} />}
          label="Name"
          hint=""
          initial=""
          check={fileNameProblem}
          action="Create"
          onSubmit={(name) => onMakeFolder(joinPath(question.folder, name))}
          onClose={onClose}
        />
      )
    case 'rename':
      return (
        <TextDialog
          title="Rename"
          description={<Path prefix="In" path={folderOf(question.path)} />}
          label="New name"
          hint=""
          initial={nameOf(question.path)}
          check={fileNameProblem}
          action="Rename"
          onSubmit={(name) => onRename(question.path, joinPath(folderOf(question.path), name))}
          onClose={onClose}
        />
      )
    case 'delete':
      return (
        <Dialog
          open
          onClose={onClose}
          title={question.isFolder ? 'Delete the folder?' : 'Delete the file?'}
          description="This cannot be undone."
        >
          <DialogBody>
            <p>
              <Path prefix="" path={question.path} />
              {question.isFolder && ', with everything in it'}.
            </p>
          </DialogBody>
          <DialogFooter>
            <Button onClick={onClose}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                onClose()
                onDelete(question.path)
              }}
            >
              Delete
            </Button>
          </DialogFooter>
        </Dialog>
      )
    default:
      return question satisfies never
  }
}

function Path({ prefix, path }: { prefix: string; path: string }) {
  return (
    <>
      {prefix}{' '}
      <code className="break-all">
        <ForeignText text={path} />
      </code>
    </>
  )
}
