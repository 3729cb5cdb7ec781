import type { HttpContext } from '@adonisjs/core/http'
import { NotFound } from '#exceptions/domain_error'
import Cluster from '#models/cluster'
import StaffPolicy from '#policies/staff_policy'
import { certificateFile, clientCertificate } from '#transformers/cluster'

/** The public half of the key pair, as a file for the operator of the cluster. */
export default class CertificatesController {
  async show({ bouncer, params, response }: HttpContext) {
    await bouncer.with(StaffPolicy).authorize('configure')
    const cluster = await Cluster.presentAs(params.cluster_id)
    const certificate = clientCertificate(cluster)
    if (!certificate) throw new NotFound()
    return response
      .header('content-type', 'application/x-pem-file')
      .header('content-disposition', `attachment; filename="${certificateFile(cluster)}"`)
      .send(certificate.pem)
  }
}
