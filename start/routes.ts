import '#start/routes/portal'
import '#start/routes/admin'
import '#start/routes/preferences'
import '#start/routes/design'
