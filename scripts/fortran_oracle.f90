! Answer with Fortran's own list-directed reading what a text means.
! Input: lines of a kind (R, I, L, or lower case r, i, l for the first three values), a blank and the text.
! Output: one line each: the kind, the status (0: read) and the values.
program fortran_oracle
  implicit none
  character(len=256) :: line, text
  character(len=1) :: kind
  integer :: status, i(3)
  double precision :: r(3)
  logical :: l(3)
  do
    read (*, '(A)', iostat=status) line
    if (status /= 0) exit
    kind = line(1:1)
    text = line(3:)
    select case (kind)
    case ('R')
      read (text, *, iostat=status) r(1)
      write (*, '(A,1X,I0,1X,ES26.17E4)') kind, status, r(1)
    case ('r')
      read (text, *, iostat=status) r
      write (*, '(A,1X,I0,3(1X,ES26.17E4))') kind, status, r
    case ('I')
      read (text, *, iostat=status) i(1)
      write (*, '(A,1X,I0,1X,I0)') kind, status, i(1)
    case ('i')
      read (text, *, iostat=status) i
      write (*, '(A,1X,I0,3(1X,I0))') kind, status, i
    case ('L')
      read (text, *, iostat=status) l(1)
      write (*, '(A,1X,I0,1X,L1)') kind, status, l(1)
    case default
      read (text, *, iostat=status) l
      write (*, '(A,1X,I0,3(1X,L1))') kind, status, l
    end select
  end do
end program fortran_oracle
