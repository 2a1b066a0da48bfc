; The dialog, used with the mouse by run_window, in GIMP 2.10.

(define image (photo 1200 900))
(gimp-image-undo-enable image)
(gimp-display-new image)
(define layer (car (gimp-image-get-active-layer image)))
(note-line "photo shown")
(define result (plug-in-aesthetic-crop RUN-INTERACTIVE image layer "" "generic" TRUE 60 "" 5 "format" "guides" "nothing" 1 "auto" "judge" TRUE FALSE))
(check "OK gives the answer" (and (>= (car result) 1) (> (nth result 4) 0)))
(check "OK adds the group" (= 2 (car (gimp-image-get-layers image))))
(check "OK adds the guides" (= 4 (length (guides image))))
(check "OK adds the note" (contains? (note-of image) "\"crops\""))
(check "the rating made a profile, and the answer is personal" (contains? (note-of image) "\"profile\":\"me.pt\""))

(note-line "waiting for undo")
(define (wait-for name) (if (not (file-exists? (string-append work "/" name))) (begin (sleep-a-bit) (wait-for name))))
(define (sleep-a-bit) (car (gimp-image-get-layers image)))
(wait-for "undone")
(check "one undo takes all of it back" (and (= 1 (car (gimp-image-get-layers image))) (null? (guides image)) (string=? "" (note-of image))))

; The last values again, without the dialog.
(define last (plug-in-aesthetic-crop RUN-WITH-LAST-VALS image layer "" "generic" TRUE 60 "" 5 "format" "guides" "nothing" 1 "auto" "judge" TRUE FALSE))
(check "the last values know the person" (contains? (note-of image) "\"profile\":\"me.pt\""))
(check "the last values give the same score" (< (abs (- (car last) (car result))) 0.000001))
